"""What makes Veche run on a machine: set-up, embedded PostgreSQL, the supervisor and the doctor."""
