"""The operations room: what goes wrong in the network, who sees to it, and which places are in contact."""
