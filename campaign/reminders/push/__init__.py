"""Reminders as notifications of a browser (Web Push): the same wishes, plans and rows as letters, another road."""
