"""What a report says in sentences, plain and never more than the statistics do."""
