"""What knows no domain word: database, clock, faults, pages, forms, paging, jobs, security."""
