CREATE TEMP TABLE pair AS SELECT * FROM read_csv('pair.csv', header = false, columns = {'x': 'INTEGER', 'y': 'INTEGER'});
SELECT count(*) FROM pair;
