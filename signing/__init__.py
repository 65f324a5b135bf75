"""Signatures, computed: what the rules take as an argument and never import.

ed25519.py  keys, signing and verifying, by the library `cryptography`
"""
