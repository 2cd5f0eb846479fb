-- Keys that clusters of a segmentation have had: one that ended is never given to other people.
CREATE TABLE segmentation_keys (
  segmentation TEXT NOT NULL,
  cluster TEXT NOT NULL,
  first_run TEXT NOT NULL,
  PRIMARY KEY (segmentation, cluster)
);
