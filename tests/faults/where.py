"""Prints the address of this house's database, with the owner's rights."""

import os

from config.runtime import environment

environment.fill()
print(os.environ["MIGRATION_DATABASE_URL"])
