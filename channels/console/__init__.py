"""The console: where operators answer requests, at /console."""
