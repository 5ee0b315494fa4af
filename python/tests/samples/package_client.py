client = HyperTokenClient(url, timeout=30.0)
client.connect()

client.reset(seed=42)
obs = client.observe("player_0")
client.step(action=0)
result = client.last()

latency = client.ping()  # milliseconds
client.close()
