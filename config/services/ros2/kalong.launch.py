# Not run: no machine of the project's has ROS 2.
"""A live run with its fleet on the ROS 2 graph, and rviz2 beside it.

ros2 launch config/services/ros2/kalong.launch.py [scenario:=pilot-2026-saturated] [ros2_vehicles:=V04,V05] [rviz:=true]
"""
from pathlib import Path

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, EmitEvent, ExecuteProcess, OpaqueFunction, RegisterEventHandler
from launch.conditions import IfCondition
from launch.event_handlers import OnProcessExit
from launch.events import Shutdown
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[2]


def start_kalong(context):
    """The control system with simulated vehicles; it publishes /clock, so everything else uses simulated time."""
    command = ["node", "kalong.mjs", "live", LaunchConfiguration("scenario").perform(context), "--ros2"]
    vehicles = LaunchConfiguration("ros2_vehicles").perform(context)
    if vehicles:
        command += ["--ros2-vehicles", vehicles]
    kalong = ExecuteProcess(cmd=command, cwd=str(PROJECT), output="screen")
    end = RegisterEventHandler(OnProcessExit(target_action=kalong, on_exit=[EmitEvent(event=Shutdown())]))
    return [kalong, end]


def generate_launch_description():
    return LaunchDescription([
        DeclareLaunchArgument("scenario", default_value="pilot-2026-saturated", description="built-in id or path"),
        DeclareLaunchArgument("ros2_vehicles", default_value="", description="vehicles driven over ROS 2, with commas"),
        DeclareLaunchArgument("rviz", default_value="true", description="start rviz2"),
        OpaqueFunction(function=start_kalong),
        Node(
            package="rviz2",
            executable="rviz2",
            arguments=["-d", str(HERE / "kalong.rviz")],
            parameters=[{"use_sim_time": True}],
            condition=IfCondition(LaunchConfiguration("rviz")),
        ),
    ])
