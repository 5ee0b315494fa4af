# Instead of multiple observe() calls
# Use env_info() to get all spaces upfront
info = client.env_info()
spaces = info["observation_spaces"]
