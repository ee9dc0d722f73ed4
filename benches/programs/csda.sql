CREATE TEMP TABLE edge AS SELECT * FROM read_csv('edge.csv', header = false, columns = {'x': 'INTEGER', 'y': 'INTEGER'});
CREATE TEMP TABLE null_edge AS SELECT * FROM read_csv('null_edge.csv', header = false, columns = {'x': 'INTEGER', 'y': 'INTEGER'});
WITH RECURSIVE null_node(x, y) AS (
    SELECT x, y FROM null_edge
    UNION
    SELECT null_node.x, edge.y FROM null_node JOIN edge ON null_node.y = edge.x
)
SELECT count(*) FROM null_node;
