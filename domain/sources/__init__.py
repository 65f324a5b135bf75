"""Where a metric's numbers come from, as a charter says it: one model per kind of source.

files.py       rows from files, by one SQL query over them
sql.py         rows from a database, by one SQL query
http.py        rows from a web server's answer, JSON or CSV
prometheus.py  one series from Prometheus and its kin, by PromQL
web.py         what the sources that ask a web server share
jira.py        issues of Jira
servicenow.py  records of ServiceNow
github.py      pull requests, issues and deployments of GitHub
gitlab.py      merge requests, issues and deployments of GitLab
items.py       what the last four have in common
"""

from typing import Annotated

from pydantic import Field

from domain.sources.files import FilesSource
from domain.sources.github import GithubSource
from domain.sources.gitlab import GitlabSource
from domain.sources.http import HttpSource
from domain.sources.jira import JiraSource
from domain.sources.prometheus import PrometheusSource
from domain.sources.servicenow import ServiceNowSource
from domain.sources.sql import SqlSource

__all__ = [
    "FilesSource",
    "GithubSource",
    "GitlabSource",
    "HttpSource",
    "JiraSource",
    "PrometheusSource",
    "ServiceNowSource",
    "Source",
    "SqlSource",
]

Source = Annotated[
    FilesSource
    | SqlSource
    | HttpSource
    | PrometheusSource
    | JiraSource
    | ServiceNowSource
    | GithubSource
    | GitlabSource,
    Field(discriminator="kind"),
]
