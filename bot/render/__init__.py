"""An Answer given the shape of a channel: plain text, HTML, SMS."""
