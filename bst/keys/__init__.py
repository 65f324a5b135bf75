"""A member's own keys: made, kept and used where the member is, and never sent anywhere.

folder.py    where they are, and which there are
private.py   the private half: a file that only its owner may read, or the platform's keyring
signer.py    what signs a member's commands with them
"""
