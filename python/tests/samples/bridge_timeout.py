client = HyperTokenClient(url, timeout=60.0)
