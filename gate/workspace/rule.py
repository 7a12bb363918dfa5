"""How a rule on workspaces is written: its text, which entry of `model.py` it is asked of, a check that yields hits.

Ids: GW0xx what starts, GW1xx servers and tools, GW2xx addresses that are redirected, GW3xx permissions, GW4xx texts for
agents, GW5xx build wrappers.
"""

from gate.declarations.workspace import WORKSPACE
from gate.rules import RuleScope, RuleSet
from gate.workspace.model import AgentText, AutoStart, BuildWrapper, Grant, RedirectedAddress, ToolServer

STAGE = WORKSPACE.name
ON_WORKSPACES = RuleSet(STAGE, "on workspaces", own="gate.workspace.rules")
rule = ON_WORKSPACES.rule
"""Makes a check a rule."""

STARTS = RuleScope(AutoStart)
SERVERS = RuleScope(ToolServer)
REDIRECTS = RuleScope(RedirectedAddress)
GRANTS = RuleScope(Grant)
TEXTS = RuleScope(AgentText)
WRAPPERS = RuleScope(BuildWrapper)
