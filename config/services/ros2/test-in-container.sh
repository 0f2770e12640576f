#!/bin/bash
# Not run (see Dockerfile). The end-to-end test on a real ROS 2 graph: test-in-container.sh [jazzy|humble]
set -euo pipefail
distro="${1:-jazzy}"
case "$distro" in
  jazzy | humble) ;;
  *) echo "usage: $0 [jazzy|humble]" >&2; exit 2 ;;
esac
cd "$(dirname "$0")/../../.."
docker build --file config/services/ros2/Dockerfile --build-arg "ROS_DISTRO=$distro" --tag "kalong-ros2:$distro" .
exec docker run --rm "kalong-ros2:$distro"
