"""Settings of an installation that speaks to the fake providers."""

from bot.config import Settings

SETTINGS = Settings(
    demo=True,
    public_url="https://bot.example.org",
    twilio_account_sid="AC" + "5" * 32,
    twilio_auth_token="token-of-today",
    twilio_auth_token_previous="token-of-yesterday",
    twilio_from="+22320000000",
    telegram_bot_token="123456:AAAA-bbbb_cccc",
    telegram_secret="s" * 40,
)
