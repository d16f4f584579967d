"""What the lessons of *Programmes coopérants* run on: ``from sandbox import start``."""

__all__ = ["Server", "ServerError", "start"]


def __getattr__(name: str) -> object:
    """Import the launcher when it is first wanted: servers and the doctor do without its needs."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sandbox import launcher

    return getattr(launcher, name)
