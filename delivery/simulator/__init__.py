"""A carrier that does not exist: takes bookings over HTTP and tells, signed, what happens to parcels.

For the demo and the tests. It knows nothing of Wardpost but the address it calls back. Start it alone with
`python -m delivery.simulator --help`.
"""
