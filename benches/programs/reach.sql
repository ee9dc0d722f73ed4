CREATE TEMP TABLE arc AS SELECT * FROM read_csv('arc.csv', header = false, columns = {'x': 'INTEGER', 'y': 'INTEGER'});
CREATE TEMP TABLE source AS SELECT * FROM read_csv('source.csv', header = false, columns = {'x': 'INTEGER'});
WITH RECURSIVE reach(x) AS (
    SELECT x FROM source
    UNION
    SELECT arc.y FROM reach JOIN arc ON reach.x = arc.x
)
SELECT count(*) FROM reach;
