"""Notices to the citizen at each change of her dossier, by Zalo, SMS or e-mail, behind adapters."""
