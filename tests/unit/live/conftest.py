from tests.unit.live.environments import demo

__all__ = ["demo"]
