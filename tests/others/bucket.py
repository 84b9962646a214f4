"""What another program sees of a bucket: `make`, `names`, or `take FOLDER` (a copy of what lies below log/)."""

import pathlib
import sys

import boto3

s3 = boto3.client("s3", endpoint_url=sys.argv[1], region_name="us-east-1",
                  aws_access_key_id="test", aws_secret_access_key="test")
bucket, verb = sys.argv[2], sys.argv[3]


def names():
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (found["Key"] for found in page.get("Contents", []))


if verb == "make":
    s3.create_bucket(Bucket=bucket)
elif verb == "names":
    print("\n".join(names()))
elif verb == "take":
    for name in names():
        if name.startswith(sys.argv[5]):
            to = pathlib.Path(sys.argv[4], name)
            to.parent.mkdir(parents=True, exist_ok=True)
            s3.download_file(bucket, name, str(to))
