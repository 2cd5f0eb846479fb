-- How many problems the reject file lists, and how many more there are: the file is bounded.
ALTER TABLE imports ADD COLUMN problems_kept INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN problems_left_out INTEGER NOT NULL DEFAULT 0;
