from hypertoken import HyperTokenClient

client = HyperTokenClient("ws://localhost:9999")
client.connect()

# Warm up
for _ in range(10):
    client.ping()

# Measure
latencies = [client.ping() for _ in range(100)]
print(f"Mean: {sum(latencies)/len(latencies):.2f}ms")
print(f"P99: {sorted(latencies)[98]:.2f}ms")

client.disconnect()
