"""What serves `hypertoken.Policy`: reading its files, and computing what they say."""
