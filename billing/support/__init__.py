"""Support access ("break-glass"): an administrator reads one outlet's books, asked, allowed by another, timed, seen.

It opens reading and nothing else: no operation of money takes an administrator, and what is wrong is put right by
ordinary lines. The outlet sees who asked, why, who allowed it, and every single page that was looked at.
"""
