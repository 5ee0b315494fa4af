"""What an adapter needs of an environment, wherever it runs: turns or batches."""
