CREATE TEMP TABLE arc AS SELECT * FROM read_csv('arc.csv', header = false, columns = {'x': 'INTEGER', 'y': 'INTEGER'});
WITH RECURSIVE closure(x, y) AS (
    SELECT x, y FROM arc
    UNION
    SELECT arc.x, closure.y FROM arc JOIN closure ON arc.y = closure.x
)
SELECT count(*) FROM closure;
