CREATE TEMP TABLE day AS SELECT * FROM read_csv('day.csv', header = false, columns = {'day': 'DATE', 'n': 'INTEGER'});
SELECT count(*) FROM day;
