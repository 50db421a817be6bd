"""A conversation by forms: what the pages, the frame on other sites and the kiosk share."""
