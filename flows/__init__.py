"""What the bot says. No file here can reach the database or the network: a flow yields words and returns an outcome."""

from bot.conversation import Flow
from flows.call_back import call_back
from flows.menu import menu
from flows.report import report, so_far
from flows.welcome import welcome

FLOWS = {
    each.name: each
    for each in (
        Flow("welcome", welcome),
        Flow("menu", menu),
        Flow("call_back", call_back),
        Flow("report", report, draft=so_far),
    )
}
