"""Trackers: from issues, tickets, changes and deployments to one value per period.

jira.py        issues of Jira Cloud and Jira Data Center
servicenow.py  records of one table of ServiceNow
github.py      pull requests, issues and deployments of GitHub
gitlab.py      merge requests, issues and deployments of GitLab
items.py       finished items to observations, the same for all
incidents.py   deployments, and which of them an incident followed
paging.py      all pages of a list that may change while it is read
reading.py     typed values out of what an API answers
asking.py      one API: its address, login and refusals, through the web client

Whatever the tracker, an item counts once, in the period in which it was finished; one that is not finished
counts nowhere. `docs/trackers.md` has the definitions.
"""
