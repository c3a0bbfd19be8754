"""Speed and memory, measured against floors in the same run: `python -m bench [jobs] [--small] [--json FILE]`."""
