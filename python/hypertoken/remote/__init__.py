"""A server elsewhere: the wire, the two clients, a server of one's own."""
