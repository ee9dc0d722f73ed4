CREATE TEMP TABLE arc AS SELECT * FROM read_csv('arc.csv', header = false, columns = {'x': 'INTEGER', 'y': 'INTEGER'});
WITH RECURSIVE sg(x, y) AS (
    SELECT a.y, b.y FROM arc a JOIN arc b ON a.x = b.x WHERE a.y <> b.y
    UNION
    SELECT a.y, b.y FROM sg JOIN arc a ON a.x = sg.x JOIN arc b ON b.x = sg.y
)
SELECT count(*) FROM sg;
