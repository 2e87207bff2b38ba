"""What the bot says. No file here can reach the database or the network: a flow yields words and returns an outcome."""

from bot.conversation import Flow
from flows import menu, opinion, rumour
from flows.call_back import call_back
from flows.helped import helped
from flows.infos import infos, papers
from flows.join import confirm, join
from flows.peace import peace
from flows.question import question
from flows.report import report, so_far
from flows.safety import safety
from flows.situation import situation
from flows.support import support
from flows.welcome import welcome

FLOWS = {
    each.name: each
    for each in (
        Flow("welcome", welcome),
        Flow("menu", menu.menu, draft=menu.so_far),
        Flow("call_back", call_back),
        Flow("report", report, draft=so_far),
        Flow("infos", infos),
        Flow("papers", papers),
        Flow("support", support),
        Flow("opinion", opinion.opinion, draft=opinion.so_far),
        Flow("rumour", rumour.rumour, draft=rumour.so_far),
        Flow("safety", safety),
        Flow("peace", peace),
        Flow("join", join),
        Flow("confirm", confirm),
        Flow("situation", situation),
        Flow("helped", helped),
        Flow("question", question),
    )
}
