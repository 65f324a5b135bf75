"""Where a metric's numbers come from, as a charter says it: one model per kind of source.

files.py       rows from files, by one SQL query over them
sql.py         rows from a database, by one SQL query
jira.py        issues of Jira
servicenow.py  records of ServiceNow
github.py      pull requests, issues and deployments of GitHub
gitlab.py      merge requests, issues and deployments of GitLab
items.py       what the last four have in common
web.py         what the sources that ask a web server share
"""

from typing import Annotated

from pydantic import Field

from domain.sources.files import FilesSource
from domain.sources.github import GithubSource
from domain.sources.gitlab import GitlabSource
from domain.sources.jira import JiraSource
from domain.sources.servicenow import ServiceNowSource
from domain.sources.sql import SqlSource

__all__ = [
    "FilesSource", "GithubSource", "GitlabSource", "JiraSource", "ServiceNowSource", "Source", "SqlSource",
]  # fmt: skip

Source = Annotated[
    FilesSource | SqlSource | JiraSource | ServiceNowSource | GithubSource | GitlabSource,
    Field(discriminator="kind"),
]
