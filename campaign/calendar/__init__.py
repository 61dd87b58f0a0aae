"""What the public sees: home, list, month, day, event page, feeds. All of it reads what publication prepared."""
