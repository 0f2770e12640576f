#!/bin/bash
# Not run (see Dockerfile). Sources ROS 2 and this project's messages, then runs the command.
set -e
source "/opt/ros/${ROS_DISTRO}/setup.bash"
source /kalong/out/ros2/install/setup.bash
exec "$@"
