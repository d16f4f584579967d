"""The paths of ``sandbox/server_http_echo.py``: a module an idea, a function a path."""
