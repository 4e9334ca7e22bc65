"""One spec on several clouds, side by side: what each gives, what differs, what one cannot do."""
