"""The demo: two cities, played through the real operations with a seeded clock.

Places, procedures, tariffs and rules are real. People, outlets' addresses and most figures are invented and say so;
what the press reported of Huế on 3 July 2025 stands in hue_figures.py under its own name.
"""
