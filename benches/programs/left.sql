CREATE TEMP TABLE arc AS SELECT * FROM read_csv('arc.csv', header = false, columns = {'x': 'INTEGER', 'y': 'INTEGER'});
WITH RECURSIVE closure(x, y) AS (
    SELECT x, y FROM arc
    UNION
    SELECT closure.x, arc.y FROM closure JOIN arc ON closure.y = arc.x
)
SELECT count(*) FROM closure;
