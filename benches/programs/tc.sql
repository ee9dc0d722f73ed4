CREATE TEMP TABLE arc AS SELECT * FROM read_csv('arc.csv', header = false, columns = {'x': 'INTEGER', 'y': 'INTEGER'});
WITH RECURSIVE tc(x, y) AS (
    SELECT x, y FROM arc
    UNION
    SELECT tc.x, arc.y FROM tc JOIN arc ON tc.y = arc.x
)
SELECT count(*) FROM tc;
