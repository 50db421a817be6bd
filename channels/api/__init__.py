"""The public JSON API (docs of the contract: /api/v1/openapi.json)."""
