CREATE TEMP TABLE arc AS SELECT * FROM read_csv('arc.csv', header = false, columns = {'x': 'INTEGER', 'y': 'INTEGER'});
SELECT count(*) FROM arc ab JOIN arc bc ON ab.y = bc.x JOIN arc ca ON bc.y = ca.x AND ca.y = ab.x;
