"""Letters that come back after they had been taken: reports of mail servers, what they mean, where they come from."""
