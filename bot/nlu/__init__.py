"""Understanding: the Rasa components and the models behind them. Only this package, `actions/` and
`bot/rasa_client.py` know that Rasa exists (docs/adr/0002-rasa.md).
"""
