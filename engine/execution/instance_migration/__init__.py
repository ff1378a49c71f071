"""Moving running cases to another version of their process: who may go, who may not, and why."""

from engine.execution.instance_migration.check import Verdict, check_move
from engine.execution.instance_migration.facts import CaseFacts
from engine.execution.instance_migration.obstacle import Obstacle
from engine.execution.instance_migration.wording import WORDING

__all__ = ["WORDING", "CaseFacts", "Obstacle", "Verdict", "check_move"]
